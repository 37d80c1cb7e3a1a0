export const COMMAND_SOURCE = Symbol('COMMAND_SOURCE');
export const RECORD_SINK = Symbol('RECORD_SINK');
export const COPY_SINK = Symbol('COPY_SINK');
