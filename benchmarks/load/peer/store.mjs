// What oidc-provider remembers, in one SQLite file: every write is on the disk before it is answered (WAL, synchronous FULL).
import Database from 'better-sqlite3';

const TABLE = `
  CREATE TABLE IF NOT EXISTS entry (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, expires INTEGER, consumed INTEGER,
    uid TEXT, user_code TEXT, grant_id TEXT, PRIMARY KEY (model, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entry_uid ON entry (model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS entry_user_code ON entry (model, user_code) WHERE user_code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS entry_grant ON entry (grant_id) WHERE grant_id IS NOT NULL;`;

const now = () => Math.floor(Date.now() / 1000);

/** Gives the adapter that oidc-provider builds once for each of its models. */
export function openStore(path) {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(TABLE);
  const columns = 'SELECT payload, consumed FROM entry WHERE (expires IS NULL OR expires > ?) AND model = ?';
  const byId = db.prepare(`${columns} AND id = ?`);
  const byUid = db.prepare(`${columns} AND uid = ?`);
  const byUserCode = db.prepare(`${columns} AND user_code = ?`);
  const write = db.prepare(
    `INSERT INTO entry (model, id, payload, expires, uid, user_code, grant_id) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, expires = excluded.expires,
       uid = excluded.uid, user_code = excluded.user_code, grant_id = excluded.grant_id`,
  );
  const consume = db.prepare('UPDATE entry SET consumed = ? WHERE model = ? AND id = ?');
  const destroy = db.prepare('DELETE FROM entry WHERE model = ? AND id = ?');
  const revoke = db.prepare('DELETE FROM entry WHERE grant_id = ?');

  return class Store {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload, expiresIn) {
      const expires = expiresIn ? now() + expiresIn : null;
      const { uid = null, userCode = null, grantId = null } = payload;
      write.run(this.model, id, JSON.stringify(payload), expires, uid, userCode, grantId);
    }

    async find(id) {
      return this.#read(byId, id);
    }

    async findByUid(uid) {
      return this.#read(byUid, uid);
    }

    async findByUserCode(userCode) {
      return this.#read(byUserCode, userCode);
    }

    async consume(id) {
      consume.run(now(), this.model, id);
    }

    async destroy(id) {
      destroy.run(this.model, id);
    }

    async revokeByGrantId(grantId) {
      revoke.run(grantId);
    }

    #read(statement, key) {
      const row = statement.get(now(), this.model, key);
      if (!row) return undefined;
      const payload = JSON.parse(row.payload);
      return row.consumed ? { ...payload, consumed: row.consumed } : payload;
    }
  };
}
