// Plain JavaScript of any age: a Node that cannot read the rest has to say so in one sentence.
// 2026-11: Node takes TypeScript without a flag from 22.18 and from 23.6 on (nodejs.org/api/typescript.html).
const COMMANDS = ['main', 'pair', 'open', 'key', 'quick-fix', 'backup', 'carry-over', 'remind'];

const [major, minor] = process.versions.node.split('.').map(Number);
const isTooOld = major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6);
const [command] = process.argv.splice(2, 1);

if (isTooOld) end(`This backend needs Node 22.18 or newer, and this is Node ${process.versions.node}.`);
else if (!COMMANDS.includes(command)) end(`Name one of: ${COMMANDS.join(', ')}.`);
else import(`./${command}.ts`).catch((error) => end(error.stack));

function end(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
