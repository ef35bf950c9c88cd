// Loads SQLite and uses it, in a process of its own: a binding for another Node-API ends the process.
'use strict'
const Database = require('better-sqlite3')

const database = new Database(':memory:')
database.exec('create table t (a integer)')
for (let i = 1; i <= 3; i++) database.prepare('insert into t values (?)').run(i)
const row = database.prepare('select sum(a) as sum, sqlite_version() as version from t').get()
if (row.sum !== 6) throw new Error(`a sum is wrong: ${row.sum}`)
// Statements are released by the garbage collector, which a wrongly built binding does not survive.
for (let i = 0; i < 50_000; i++) database.prepare('select 1').get()
database.close()
console.log(`version ${row.version}`)
