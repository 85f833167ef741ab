-- Asks for so many seconds and lets what is on its way arrive: nothing is cut off, so nothing is lost or counted in part.
-- Counts the answers; what the first wrong one said is told.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } bench_time; int clock_gettime(int clock, bench_time *time);")

local monotonic = 1
local never = 1e8
local seconds = tonumber(os.getenv("BENCH_SECONDS"))
local time = ffi.new("bench_time")
local threads = {}

good, wrong, first_wrong, began, ended = 0, 0, "-", 0, 0

local function now()
  ffi.C.clock_gettime(monotonic, time)
  return tonumber(time.s) + tonumber(time.ns) / 1e9
end

-- wrk asks before each request how many milliseconds it shall wait.
function delay()
  local at = now()
  if began == 0 then
    began = at
  end
  return at - began < seconds and 0 or never
end

function setup(thread)
  table.insert(threads, thread)
end

function count_good()
  good = good + 1
  ended = now()
end

function count_wrong(status, body)
  wrong = wrong + 1
  if first_wrong == "-" then
    first_wrong = status .. " " .. body:sub(1, 300):gsub("%s+", " ")
  end
end

-- Whether every one of the texts stands in the body.
function holds(body, texts)
  for _, text in ipairs(texts) do
    if not body:find(text, 1, true) then
      return false
    end
  end
  return true
end

function done(summary, latency, requests)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do
    io.write(string.format(
      "answers %d %d %d %d %d %d %s\n",
      thread:get("good"),
      thread:get("wrong"),
      errors,
      (thread:get("ended") - thread:get("began")) * 1e6,
      latency:percentile(50),
      latency:percentile(99),
      thread:get("first_wrong")
    ))
  end
end
