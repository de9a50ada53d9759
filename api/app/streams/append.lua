-- Appends a batch of one attempt's entries, once: what the log has is skipped, a hole is refused.
-- KEYS[1] the log · ARGV: attempt, first seq, may create (0 or 1), ttl in seconds, then type, data, after of each entry.
-- The entries are first, first + 1, …; an ending comes alone, with the seq 2^53-1.
-- Answers {verdict, attempt, seq}: ok, duplicate, gap (append from seq + 1) or fenced, and where the log stands.
local key = KEYS[1]
local attempt, first, may_create = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local ending = 9007199254740991

local at, seq = -1, 0
local newest = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)
if newest[1] then
  local dash = string.find(newest[1][1], '-', 1, true)
  at, seq = tonumber(string.sub(newest[1][1], 1, dash - 1)), tonumber(string.sub(newest[1][1], dash + 1))
elseif not may_create then
  return {'gap', attempt, 0}
end

local entries = (#ARGV - 4) / 3
if at > attempt then return {'fenced', at, seq} end
if at < attempt then seq = 0 end
if seq == ending then
  return {(entries == 0 or first == ending) and 'duplicate' or 'fenced', at, seq}
end
if first ~= ending and first > seq + 1 then return {'gap', attempt, seq} end

local verdict = 'duplicate'
for i = 0, entries - 1 do
  local id = first + i
  if id > seq then
    local arg = 5 + i * 3
    -- %.0f: Lua writes large numbers in scientific notation otherwise
    local place = string.format('%.0f-%.0f', attempt, id)
    if ARGV[arg + 2] == '' then
      redis.call('XADD', key, place, ARGV[arg], ARGV[arg + 1])
    else
      redis.call('XADD', key, place, ARGV[arg], ARGV[arg + 1], 'after', ARGV[arg + 2])
    end
    seq, verdict = id, 'ok'
  end
end
-- a tenth more than asked for, so that not every append has to renew it: each renewal goes to the store's file, too
local ttl = tonumber(ARGV[4])
if redis.call('TTL', key) < ttl then redis.call('EXPIRE', key, ttl + math.ceil(ttl / 10)) end
return {verdict, attempt, seq}
