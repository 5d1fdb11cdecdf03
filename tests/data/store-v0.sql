-- How tests/data/store-v0.db was made: layout 0 of the state file, three rows.
--   sqlite3 store-v0.db < store-v0.sql
PRAGMA page_size = 512;
PRAGMA application_id = 1381256531;
PRAGMA user_version = 0;
CREATE TABLE route (
 family INTEGER NOT NULL, prefix BLOB NOT NULL, length INTEGER NOT NULL, next_hop BLOB NOT NULL,
 if_index INTEGER NOT NULL, policy BLOB NOT NULL, kind INTEGER NOT NULL, metric INTEGER NOT NULL,
 metric2 INTEGER NOT NULL, metric3 INTEGER NOT NULL, metric4 INTEGER NOT NULL,
 metric5 INTEGER NOT NULL, next_hop_as INTEGER NOT NULL, created_s INTEGER NOT NULL,
 PRIMARY KEY (family, prefix, length, next_hop, if_index, policy)) STRICT, WITHOUT ROWID;
INSERT INTO route VALUES
 (4, x'0a010000', 16, x'c0000201', 2, zeroblob(8), 0, 256, -1, -1, -1, -1, 0, 1700000000),
 (4, x'0a020000', 16, x'00000000', 0, zeroblob(8), 2, 10, 7, -1, -1, -1, 0, 1700000001),
 (6, x'20010db8000100000000000000000000', 48, x'20010db8000000000000000000000001', 3,
  x'000000000000000000000003', 0, 20, -1, -1, -1, 5, 64500, 1700000002);
