"""What the cache does on the server, each as one step.

An entry is a hash: `format`, `nonce` (new with each put), `tags`, `value`. A *scope* is a sorted set for a
workspace or for a tag in it: the nonce and name of each entry, by the time it expires. A workspace's scope
also lists those of its tags, under a nonce that is none. All names are built from those in KEYS, which have
one hash tag.
"""

from typing import Final

from sapwood_storage.redis.script import Script

_FORMAT: Final = 1
_NONCE: Final = 16  # characters
_TAG: Final = "-" * _NONCE
_PRUNED_AT_ONCE: Final = 32  # more than a put and its claim add

_READING: Final = f"""
local FORMAT = '{_FORMAT}'

-- What is kept at a place, if it is of our format: its member of scopes, its tags, its value.
local function kept_at(place)
    local kept = redis.pcall('HMGET', place, 'format', 'nonce', 'tags', 'value')
    if kept.err or kept[1] ~= FORMAT then return nil end
    return kept[2] .. place, kept[3] == '' and {{}} or cmsgpack.unpack(kept[3]), kept[4]
end

-- The value and tags of what is kept at a place, if each of its scopes lists it.
local function living(place, workspace, tagged)
    local member, tags, value = kept_at(place)
    if not member or not redis.call('ZSCORE', workspace, member) then return nil end
    for _, tag in ipairs(tags) do
        if not redis.call('ZSCORE', tagged .. tag, member) then return nil end
    end
    return value, tags
end
"""

_CHANGING: Final = (
    _READING
    + f"""
local PRUNED, TAG = {_PRUNED_AT_ONCE}, '{_TAG}'

local function strike(member, tags, workspace, tagged)
    redis.call('ZREM', workspace, member)
    for _, tag in ipairs(tags) do redis.call('ZREM', tagged .. tag, member) end
end

local function drop(place, workspace, tagged)
    local member, tags = kept_at(place)
    if member then strike(member, tags, workspace, tagged) end
    return redis.call('UNLINK', place)
end

local function list(member, scope, now, ttl)
    redis.call('ZADD', scope, now + ttl, member)
    local expired = redis.call('ZRANGEBYSCORE', scope, '-inf', now, 'LIMIT', 0, PRUNED)
    if #expired > 0 then redis.call('ZREM', scope, unpack(expired)) end
    if redis.call('PTTL', scope) < ttl then redis.call('PEXPIRE', scope, ttl) end
end

-- Keep a value in place of what is there; return the error of a full server, which then changed nothing.
local function keep(place, workspace, tagged, nonce, value, ttl, tags)
    local former, former_tags = kept_at(place)
    if not former and redis.call('EXISTS', place) == 1 then redis.call('UNLINK', place) end
    local packed = #tags > 0 and cmsgpack.pack(tags) or ''
    -- The first change: a full server refuses this one, and none after it.
    local done = redis.pcall('HSET', place, 'format', FORMAT, 'nonce', nonce, 'tags', packed, 'value', value)
    if type(done) == 'table' then return done end
    redis.call('PEXPIRE', place, ttl)
    if former then strike(former, former_tags, workspace, tagged) end
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    list(nonce .. place, workspace, now, ttl)
    for _, tag in ipairs(tags) do
        local scope = tagged .. tag
        list(nonce .. place, scope, now, ttl)
        redis.call('ZADD', workspace, now + redis.call('PTTL', scope), TAG .. scope)
    end
end
"""
)

# In each: KEYS place, workspace's scope; ARGV what the scopes of tags begin with, then what is named.
GET: Final = Script(
    _READING
    + """
local value, tags = living(KEYS[1], KEYS[2], ARGV[1])
if not value then return false end
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then return false end
return {value, left, unpack(tags)}
"""
)

# nonce, value, milliseconds, tags…
PUT: Final = Script(
    _CHANGING
    + """
local tags = {unpack(ARGV, 5)}
return keep(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tags) or redis.status_reply('OK')
"""
)

DELETE: Final = Script(
    _CHANGING
    + """
return drop(KEYS[1], KEYS[2], ARGV[1])
"""
)

# nonce, token, milliseconds
CLAIM: Final = Script(
    _CHANGING
    + """
local holder = living(KEYS[1], KEYS[2], ARGV[1])
if holder and holder ~= ARGV[3] then return holder end
return keep(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), {}) or ARGV[3]
"""
)

# token
RELEASE: Final = Script(
    _CHANGING
    + """
if living(KEYS[1], KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
return drop(KEYS[1], KEYS[2], ARGV[1])
"""
)

# KEYS scope, a name for what is left of it: all that it lists is invisible from now on.
DARKEN: Final = Script("""
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1
""")

# KEYS what is left of a scope; ARGV how many. Gives back the bytes of what was not put again meanwhile.
# A tag's scope that went with its workspace may list a newer entry by now, which is then a miss.
SWEEP: Final = Script(f"""
local popped = redis.call('ZPOPMIN', KEYS[1], ARGV[1])
for i = 1, #popped, 2 do
    local nonce, place = string.sub(popped[i], 1, {_NONCE}), string.sub(popped[i], {_NONCE + 1})
    if nonce == '{_TAG}' or redis.pcall('HGET', place, 'nonce') == nonce then redis.call('UNLINK', place) end
end
return #popped / 2
""")
