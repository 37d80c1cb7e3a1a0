import type * as capture from '#capture/values.js';
import { Optional, Reference, Text } from './members.js';

/** What a connector says of a refusal or a failure; it may have no words for it. */
export class ConnectorError implements capture.ConnectorError {
  @Optional() @Reference() readonly code?: string;
  @Optional() @Reference() readonly connectorCode?: string;
  @Optional() @Text(1000, 0) readonly message?: string;
  @Optional() @Text(1000, 0) readonly reason?: string;
}
