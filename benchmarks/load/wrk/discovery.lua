-- The metadata and the keys, by turns.
dofile("answers.lua")

local keys = os.getenv("BENCH_KEYS")
local wanted = 0

function request()
  wanted = wanted + 1
  return wrk.format("GET", wanted % 2 == 0 and keys or nil)
end

function response(status, headers, body)
  if status == 200 and (holds(body, { '"issuer"', '"jwks_uri"' }) or holds(body, { '"keys"', '"kid"' })) then
    count_good()
  else
    count_wrong(status, body)
  end
end
