export type KafkaLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where the driver's own words go. Nothing that a sender wrote is in them. */
export type KafkaLog = (
  level: KafkaLogLevel,
  sentence: string,
  members: Readonly<Record<string, string | number>>,
) => void;
