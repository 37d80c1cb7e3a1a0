// A day of a shop: commands and facts as lines of JSON, for `npm run send`. See ../README.md.
import { Command, InvalidArgumentError } from 'commander';
import { linesOf } from './day.ts';

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

new Command('shop-day')
  .description('Writes a day of a shop to the standard output, a command or fact a line.')
  .option('--seed <number>', 'the same seed gives the same bytes', wholeNumber(0, 999_999_999), 1)
  .option('--authorizations <number>', 'how many orders', wholeNumber(1, 1_000_000), 10_000)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action((day: { seed: number; authorizations: number }) => {
    // Nobody reads on: `| head`.
    process.stdout.on('error', () => process.exit(0));
    process.stdout.write(
      linesOf(day)
        .map((line) => `${line}\n`)
        .join(''),
    );
  })
  .parse();
