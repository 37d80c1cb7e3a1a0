import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** What a person needs to know to set it right. */
export type About = Readonly<{
  /** A phrase: what may stand there. */
  allowed: string;
  example: string;
  /** As it would stand in the environment. */
  byDefault: string;
  /** Its value is never shown. */
  secret?: true;
}>;

export const abouts = z.registry<About>();

export const setting = <Value>(schema: z.ZodType<Value, string>, about: About) =>
  schema.prefault(about.byDefault).register(abouts, about);

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host is this machine, by its name alone: nothing is looked up. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');

export const wholeNumber = (least: number, greatest: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(greatest));

/** A path without blanks around it or control characters in it. */
export const PATH = /^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u;
