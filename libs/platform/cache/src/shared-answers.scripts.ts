/*
 * An entry is a hash: p its position, s until when it is fresh (ms), e the epoch of the table of tags, t its tags, f the facts, b the
 * body. The table of tags is a hash too: the version from which on answers with a tag are outdated, and its epoch under the empty name.
 */

/** How many tags an organization's table holds before it is begun anew, in which all its answers go. */
const MAX_TAGS = 5_000;
/** For how long a table of tags is kept after the last change or answer: longer than any answer. In milliseconds. */
const TABLE_MS = 600_000;

/** Whether one of the tags was outdated later than by a version. */
const isOutdated = `
local function outdated(table, tags, position)
  local names = {}
  for name in string.gmatch(tags, '%S+') do names[#names + 1] = name end
  if #names == 0 then return false end
  for _, version in ipairs(redis.call('HMGET', table, unpack(names))) do
    if version and tonumber(version) > position then return true end
  end
  return false
end
`;

/** Answers state, whether the caller is to load, and what was found. */
export const findEntry = `${isOutdated}
local entry = redis.call('HMGET', KEYS[1], 'p', 's', 'e', 't', 'f', 'b')
local state = 'miss'
if entry[1] and tonumber(entry[1]) >= tonumber(ARGV[1]) and entry[3] == redis.call('HGET', KEYS[2], '')
  and not outdated(KEYS[2], entry[4], tonumber(entry[1])) then
  state = tonumber(entry[2]) > tonumber(ARGV[2]) and 'fresh' or 'stale'
end
if state == 'fresh' then return { state, 0, entry[5], entry[6] } end
local leader = redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[3]) and 1 or 0
if state == 'stale' and leader == 0 then return { state, 0, entry[5], entry[6] } end
return { 'miss', leader }`;

/** Stores an entry that is newer than what is there and not outdated. */
export const keepEntry = `${isOutdated}
local position = tonumber(ARGV[1])
redis.call('DEL', KEYS[3])
local epoch = redis.call('HGET', KEYS[2], '')
if not epoch then
  epoch = ARGV[4]
  redis.call('HSET', KEYS[2], '', epoch)
end
redis.call('PEXPIRE', KEYS[2], ${TABLE_MS})
local present = redis.call('HMGET', KEYS[1], 'p', 'e')
if present[1] and present[2] == epoch and tonumber(present[1]) > position then return 0 end
if outdated(KEYS[2], ARGV[5], position) then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'p', ARGV[1], 's', ARGV[2], 'e', epoch, 't', ARGV[5], 'f', ARGV[6], 'b', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** Notes that answers with these tags are outdated from a version on; also where nothing is kept, for what is just being read. */
export const forgetTags = `
local version = tonumber(ARGV[1])
if redis.call('HLEN', KEYS[1]) > ${MAX_TAGS} then redis.call('DEL', KEYS[1]) end
redis.call('HSETNX', KEYS[1], '', ARGV[2])
for i = 3, #ARGV do
  local known = redis.call('HGET', KEYS[1], ARGV[i])
  if not known or tonumber(known) < version then redis.call('HSET', KEYS[1], ARGV[i], ARGV[1]) end
end
redis.call('PEXPIRE', KEYS[1], ${TABLE_MS})
return 1`;
