// For a test's own child processes: plain Node strips the types of our sources but does not find
// './x.js' where only './x.ts' is. (Rooms are found by the condition "ledger-source".)
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const ours = context.parentURL?.endsWith('.ts') && /^\.{1,2}\/.*\.js$/.test(specifier);
    return nextResolve(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
