-- Appends a batch of one attempt's entries to each log, once: what a log has is skipped, a hole is refused.
-- KEYS the logs · ARGV: ttl in seconds, then for each log: attempt, first seq, may create (0 or 1), number of entries,
-- then type, data, after of each entry. The entries are first, first + 1, …; an ending comes alone, with the seq 2^53-1.
-- Answers {verdict, attempt, seq} for each: ok, duplicate, gap (append from seq + 1) or fenced, and where the log stands.
local ttl, place = tonumber(ARGV[1]), 2
local ending = 9007199254740991

local function append(key, attempt, first, may_create, entries, from)
  local at, seq = -1, 0
  local newest = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)
  if newest[1] then
    local dash = string.find(newest[1][1], '-', 1, true)
    at, seq = tonumber(string.sub(newest[1][1], 1, dash - 1)), tonumber(string.sub(newest[1][1], dash + 1))
  elseif not may_create then
    return {'gap', attempt, 0}
  end

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
      local arg = from + i * 3
      -- %.0f: Lua writes large numbers in scientific notation otherwise
      local cursor = string.format('%.0f-%.0f', attempt, id)
      if ARGV[arg + 2] == '' then
        redis.call('XADD', key, cursor, ARGV[arg], ARGV[arg + 1])
      else
        redis.call('XADD', key, cursor, ARGV[arg], ARGV[arg + 1], 'after', ARGV[arg + 2])
      end
      seq, verdict = id, 'ok'
    end
  end
  -- a tenth more than asked for, so that not every append has to renew it: each renewal goes to the store's file, too.
  -- Of single entries, which come at least every 2 s, one in 32 looks: a look is a fourteenth of an append
  local looks = ttl < 600 or entries ~= 1 or first == ending or first % 32 == 1
  if looks and redis.call('TTL', key) < ttl then redis.call('EXPIRE', key, ttl + math.ceil(ttl / 10)) end
  return {verdict, attempt, seq}
end

local answers = {}
for i, key in ipairs(KEYS) do
  local entries = tonumber(ARGV[place + 3])
  answers[i] =
    append(key, tonumber(ARGV[place]), tonumber(ARGV[place + 1]), ARGV[place + 2] == '1', entries, place + 4)
  place = place + 4 + entries * 3
end
return answers
