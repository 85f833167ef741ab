-- The same request again and again: client credentials, introspection, userinfo.
dofile("answers.lua")

local expected = {}
for text in os.getenv("BENCH_EXPECTED"):gmatch("[^|]+") do
  table.insert(expected, text)
end

wrk.method = os.getenv("BENCH_METHOD")
wrk.body = os.getenv("BENCH_BODY")
wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
if wrk.body then
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
end

function response(status, headers, body)
  if status == 200 and holds(body, expected) then
    count_good()
  else
    count_wrong(status, body)
  end
end
