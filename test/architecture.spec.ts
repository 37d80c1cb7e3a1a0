import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * What each room may import: the one table. Other rooms are named as they are imported (`#capture`),
 * packages by their name, Node's own modules as `node:…`; a file may always import its own room.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'libs/capture': [],
  'libs/event-store': [
    'node:*',
    '#runtime/clock.js',
    '@nestjs/common',
    'canonicalize',
    'lru-cache',
  ],
  'libs/commands': [
    'node:crypto',
    '#capture',
    '#event-store',
    '#runtime/clock.js',
    '@nestjs/common',
    '@nestjs/cqrs',
    '@standard-schema/spec',
    'ajv',
    'ajv-formats',
    'class-transformer',
    'class-validator',
    'class-validator-jsonschema',
    'lru-cache',
  ],
  'libs/projections': [
    'node:*',
    '#capture',
    '#event-store',
    '#runtime/as-error.js',
    '#runtime/clock.js',
    '@nestjs/common',
    'lru-cache',
  ],
  'libs/kafka': [
    'node:*',
    '#commands',
    '#event-store',
    '#runtime/as-error.js',
    '#runtime/clock.js',
    '@nestjs/common',
    'kafkajs',
  ],
  'libs/dialects': ['#capture', '#projections'],
  'libs/http': [
    'node:*',
    '#capture',
    '#commands',
    '#dialects',
    '#event-store',
    '#projections',
    '#runtime',
    '@fastify/*',
    '@nestjs/*',
    'fastify',
    'rxjs',
  ],
  'libs/runtime': [
    'node:*',
    '@nestjs/*',
    'nestjs-pino',
    'pino',
    'pino-http',
    'prom-client',
    'rxjs',
    'zod',
  ],
  'apps/capture-ledger': [
    'node:*',
    '#capture',
    '#commands',
    '#dialects',
    '#event-store',
    '#http',
    '#kafka',
    '#projections',
    '#runtime',
    '@nestjs/*',
    'commander',
    'reflect-metadata',
  ],
  'apps/sandbox-connector': ['#capture', '#kafka', '#runtime'],
};

/** What only these files may import, whatever their room may. */
const reserved: Readonly<Record<string, RegExp>> = {
  'node:sqlite':
    /^libs\/(event-store\/|projections\/src\/(view-|views-|list-queries|projector-lock|wal-checkpoint))/,
  kafkajs: /^libs\/kafka\//,
  '@kurrent/kurrentdb-client': /^libs\/event-store\/src\/kurrent-/,
};

/** Rooms and furniture are named for what they are, never after a pattern. */
const patternNames =
  /(^|[-.])(utils?|common|shared|dtos?|mappers?|impl|interfaces?|helpers?|managers?)([-.]|$)/;

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative('.', join(entry.parentPath, entry.name)));

const sources = [...filesUnder('libs'), ...filesUnder('apps')];

/** The specifiers of a file's imports and re-exports, types included. */
const importsOf = (file: string): string[] =>
  ts
    .createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
    .statements.flatMap((statement) =>
      (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
      statement.moduleSpecifier &&
      ts.isStringLiteral(statement.moduleSpecifier)
        ? [statement.moduleSpecifier.text]
        : [],
    );

const roomOf = (file: string): string => file.split('/').slice(0, 2).join('/');

const covers = (allowed: string, imported: string): boolean =>
  allowed === imported ||
  (allowed.endsWith('*') && imported.startsWith(allowed.slice(0, -1))) ||
  (/^#[a-z-]+$/.test(allowed) && imported.startsWith(`${allowed}/`));

describe('the rooms', () => {
  it('are all in the table, and the table has no room that is not there', () => {
    expect([...new Set(sources.map(roomOf))].toSorted()).toEqual(Object.keys(mayImport).toSorted());
  });

  it.each(Object.entries(mayImport))('%s imports only what it may', (room, allowed) => {
    const own = `#${basename(room)}/`;
    const trespasses = sources
      .filter((file) => roomOf(file) === room)
      .flatMap((file) => importsOf(file).map((imported) => ({ file, imported })))
      .filter(({ imported }) => !imported.startsWith('./') && !imported.startsWith('../'))
      .filter(({ imported }) => !imported.startsWith(own))
      .filter(({ imported }) => !allowed.some((one) => covers(one, imported)));
    expect(trespasses).toEqual([]);
  });

  it('reach one another by room and file, never by a relative path', () => {
    const leaving = sources.flatMap((file) =>
      importsOf(file)
        .filter((imported) => imported.startsWith('.'))
        .map((imported) => join(file, '..', imported))
        .filter((target) => roomOf(target) !== roomOf(file))
        .map((target) => ({ file, target })),
    );
    expect(leaving).toEqual([]);
  });

  it.each(Object.entries(reserved))('keep %s to its adapters', (imported, where) => {
    const users = sources.filter((file) => importsOf(file).includes(imported));
    expect(users.filter((file) => !where.test(file))).toEqual([]);
  });

  it('have no folder or file that is named after a pattern', () => {
    const named = sources.filter((file) => file.split('/').some((part) => patternNames.test(part)));
    expect(named).toEqual([]);
  });

  it('have a domain that reads no clock, no random number and no environment', () => {
    const impure =
      /\b(Date\.now|new Date|Math\.random|process\.|crypto\.|setTimeout|performance\.|await |async )/;
    const found = sources
      .filter((file) => roomOf(file) === 'libs/capture')
      .filter((file) => impure.test(readFileSync(file, 'utf8')));
    expect(found).toEqual([]);
  });
});
