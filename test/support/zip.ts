import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crc32 } from 'node:zlib';

const NEEDED_VERSION = 20;
// The first of January 1980, the earliest that the format knows.
const DATE = 0x21;

/** A folder as a zip whose files are stored as they are (PKWARE's APPNOTE.TXT, 4.3). */
export function zip(folder: string): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((one) => one.isFile());
  for (const { parentPath, name: file } of files) {
    const path = join(parentPath, file);
    const name = Buffer.from(relative(folder, path));
    const content = readFileSync(path);
    const about = Buffer.concat([
      shorts(NEEDED_VERSION, 0, 0, 0, DATE),
      longs(crc32(content), content.length, content.length),
      shorts(name.length, 0),
    ]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), about, name, content]);
    const entry = [Buffer.from('PK\x01\x02'), shorts(NEEDED_VERSION), about, shorts(0, 0, 0), longs(0, offset), name];
    parts.push(local);
    directory.push(Buffer.concat(entry));
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = [shorts(0, 0, files.length, files.length), longs(listed.length, offset), shorts(0)];
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), ...end]);
}

function shorts(...values: number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

function longs(...values: number[]): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}
