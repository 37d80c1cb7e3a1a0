/** One line of a bench's table. */
export type Row = Readonly<{
  /** What was done. */
  name: string;
  /** What it is measured against, in the same run. */
  baseline: string;
  /** How many of `unit`, the median of the rounds. */
  value: number;
  unit: string;
  /** `value` over the baseline's, the median of the rounds; undefined where there is no baseline. */
  ratio: number | undefined;
  /** What was promised of the ratio, or of the value where there is no ratio. */
  target: string;
  met: boolean;
}>;
