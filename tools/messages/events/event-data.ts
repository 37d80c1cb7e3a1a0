import type { AuthorizationEvent, EventType } from '#capture/events.js';
import type { JsonSchema, MembersOf } from '../schema.ts';

/** What an event says, for people, and the members of its data. */
export type EventData<Type extends EventType> = Readonly<{
  says: string;
  members: MembersOf<Extract<AuthorizationEvent, { type: Type }>['data']>;
}>;

/** For each type of event its data. */
export type DataOf<Types extends EventType> = { readonly [Type in Types]: EventData<Type> };

/** Without its types: a table of several rooms' types is read alike. */
export type AnyEventData = Readonly<{
  says: string;
  members: Readonly<Record<string, JsonSchema>>;
}>;
