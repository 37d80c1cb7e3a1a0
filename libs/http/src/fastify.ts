import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What stands under Nest's adapter. The package is Nest's dependency, not ours. */
export type Fastify = Awaited<ReturnType<NestFastifyApplication['register']>>;
