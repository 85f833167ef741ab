-- Refreshes in chains: what an answer brings is what a later request spends.
dofile("answers.lua")

local expected = { '"access_token"', '"id_token"' }
local tokens = {}
for token in io.lines(os.getenv("BENCH_TOKENS")) do
  table.insert(tokens, token)
end

wrk.method = "POST"
wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"

function request()
  local token = table.remove(tokens, 1) or "none-left"
  return wrk.format(nil, nil, nil, "grant_type=refresh_token&refresh_token=" .. token)
end

function response(status, headers, body)
  local successor = body:match('"refresh_token":%s*"([^"]+)"')
  if status == 200 and successor and holds(body, expected) then
    table.insert(tokens, successor)
    count_good()
  else
    count_wrong(status, body)
  end
end
