import type { LoggerService } from '@nestjs/common';
import { Logger as PinoLoggerService } from 'nestjs-pino';
import type { PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';

/**
 * For `NestFactory`: Nest's own lines go to the same log as everybody's. What it says of its own start,
 * a line a route, is for who looks for trouble: unless the log is at debug, only warnings and worse.
 */
export const nestLogger = (log: Logger): LoggerService => {
  const level = log.isLevelEnabled('debug') || !log.isLevelEnabled('warn') ? log.level : 'warn';
  // Only the level methods are called. A real PinoLogger would write to the first log this process made.
  const logger = log.child({}, { level }) as unknown as PinoLogger;
  return new PinoLoggerService(logger, {});
};
