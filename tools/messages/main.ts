// Writes the generated files of docs/messages: `npm run messages`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { messageFiles } from './message-files.ts';

const folder = new URL('../../docs/messages/', import.meta.url);
const files = await messageFiles();
await rm(new URL('schemas/', folder), { recursive: true, force: true });
for (const [place, text] of files) {
  const file = new URL(place, folder);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
}
process.stdout.write(`docs/messages: ${files.size} files\n`);
