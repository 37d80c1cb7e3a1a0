import type { LoggerService } from '@nestjs/common';
import { Logger as PinoLoggerService, PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';

/** The log has made plain objects of errors already; pino-http would do it again. */
const serializers = { err: (error: unknown) => error };

/**
 * For `NestFactory`: Nest's own lines go to the same log as everybody's. What it says of its own start,
 * a line a route, is for who looks for trouble: unless the log is at debug, only warnings and worse.
 */
export const nestLogger = (log: Logger): LoggerService => {
  const level = log.isLevelEnabled('debug') || !log.isLevelEnabled('warn') ? log.level : 'warn';
  const logger = log.child({}, { level });
  return new PinoLoggerService(
    new PinoLogger({ pinoHttp: { logger, wrapSerializers: false, serializers } }),
    {},
  );
};
