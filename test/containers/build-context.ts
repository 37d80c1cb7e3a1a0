import { readFileSync } from 'node:fs';

const rules = readFileSync('.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'));

/** Whether a path of the work tree is sent to the engine: the last rule for it or a folder around it counts. */
export const isSent = (path: string): boolean =>
  rules.reduce((sent, rule) => {
    const pattern = rule.replace(/^!/, '');
    return matches(pattern, path) ? rule.startsWith('!') : sent;
  }, true);

/** Of what a pattern may hold, ours hold no more than `*`. */
const matches = (pattern: string, path: string): boolean => {
  const literal = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
  const expression = new RegExp(`^${literal.replaceAll('*', '[^/]*')}$`);
  const parts = path.split('/');
  return parts.some((_, depth) => expression.test(parts.slice(0, depth + 1).join('/')));
};
