/** Where the frameworks lie that npm does not bring to this project. */
export const FOLDER: string;
export const NEXTJS: string;
export const DJANGO_4: string;
/** The files of the kit for Node. */
export const NODE_KIT: string[];
export const PYTHON: string;
export function installPeers(): void;
/** Whether Python can import these modules, named as in an import statement. */
export function hasPython(modules: string): boolean;
export function isNextjsBuilt(): boolean;
export function postgresPrograms(): string | null;
export function proxyProgram(name: 'nginx' | 'caddy'): string | null;
