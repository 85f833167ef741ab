-- Rounds of code and PKCE: the redirect with a code, then the tokens for it; a round counts when it has its tokens.
dofile("answers.lua")

local expected = { '"access_token"', '"id_token"', '"refresh_token"' }
local authorize = os.getenv("BENCH_AUTHORIZE")
local form = os.getenv("BENCH_BODY") .. "&code="
local browser = { ["Cookie"] = os.getenv("BENCH_COOKIE") }
local client = {
  ["Authorization"] = os.getenv("BENCH_AUTHORIZATION"),
  ["Content-Type"] = "application/x-www-form-urlencoded",
}
local codes = {}

function request()
  local code = table.remove(codes, 1)
  if code then
    return wrk.format("POST", nil, client, form .. code)
  end
  return wrk.format("GET", authorize, browser)
end

function response(status, headers, body)
  local place = headers["Location"] or headers["location"] or ""
  local code = place:match("[?&]code=([^&]+)")
  if code and (status == 302 or status == 303) then
    table.insert(codes, code)
  elseif status == 200 and holds(body, expected) then
    count_good()
  else
    count_wrong(status, place .. body)
  end
end
