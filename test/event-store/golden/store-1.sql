-- A store as the first release made it, with four events of two streams. This file is never changed.
PRAGMA journal_mode = WAL;
CREATE TABLE store(
  one INTEGER PRIMARY KEY CHECK (one = 1),
  shards INTEGER NOT NULL, shard INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT;
CREATE TABLE streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE events(
  position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
  event_id TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL,
  data TEXT NOT NULL, metadata TEXT NOT NULL, UNIQUE(stream, revision)) STRICT;
PRAGMA user_version = 1;
INSERT INTO store VALUES (1, 1, 0, 1);
INSERT INTO streams VALUES (1, 'authorization-default/auth-0');
INSERT INTO streams VALUES (2, 'authorization-default/auth-1');
INSERT INTO events VALUES (1, 1, 0, '7d5efde0-831e-5724-b68d-b19b885938e1', 'NextRefundAmountSet', 1795290766995, '{"note":"xxxxxxxxxxxxxxxxxxxx"}', '{"commandId":"cmd-0","commandIndex":0,"commandType":"SetNextRefundAmount","fingerprint":"1:none","issuedAt":"2026-11-21T09:00:00.000Z","previous":"jm79E3_u3C13Nu7mkLki5QJZ9X6FOZXhkCJPmfpZR5Q","schemaVersion":1}');
INSERT INTO events VALUES (2, 2, 0, '9411976a-faa8-5fba-b259-9d36e20be490', 'NextRefundAmountSet', 1795290766999, '{"note":"xxxxxxxxxxxxxxxxxxxx"}', '{"commandId":"cmd-0","commandIndex":0,"commandType":"SetNextRefundAmount","fingerprint":"1:none","issuedAt":"2026-11-21T09:00:00.000Z","previous":"3bFPSXMQ3rLhN3xWjdZtSsBBdcxfluPUuSmL8ApsaCg","schemaVersion":1}');
INSERT INTO events VALUES (3, 1, 1, '748a8d29-2a7f-5521-845a-11848a362da1', 'NextRefundAmountSet', 1795290766999, '{"note":"xxxxxxxxxxxxxxxxxxxx"}', '{"commandId":"cmd-1","commandIndex":0,"commandType":"SetNextRefundAmount","fingerprint":"1:none","issuedAt":"2026-11-21T09:00:00.000Z","previous":"YGKXBy7bbyDH_2oA08TuicbGZXrOkh9mdoiGYAY3JJA","schemaVersion":1}');
INSERT INTO events VALUES (4, 2, 1, '07790894-8130-590a-bc5c-8fb692ad282a', 'NextRefundAmountSet', 1795290767000, '{"note":"xxxxxxxxxxxxxxxxxxxx"}', '{"commandId":"cmd-1","commandIndex":0,"commandType":"SetNextRefundAmount","fingerprint":"1:none","issuedAt":"2026-11-21T09:00:00.000Z","previous":"huPNs5xefvtOIrFSnhcJLrTAsE7LUjEfBzGl-RXyfWA","schemaVersion":1}');
