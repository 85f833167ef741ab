namespace AuthServer.Limits;

/// <summary>What Redis runs for us; each script is one atomic step there.</summary>
internal static class RedisScripts
{
    /// <summary>
    /// KEYS: the counters. ARGV: the id of a window that begins now, then for each counter its permits, its window
    /// in milliseconds and 1 to take or 0 only to ask. Answers <c>{0, window ids…}</c>, or <c>{position, milliseconds}</c> of
    /// the full counter that stays so longest, having changed nothing.
    /// </summary>
    public const string Take = """
        local full, left = 0, 0
        for i, key in ipairs(KEYS) do
          if tonumber(redis.call('HGET', key, 'n') or '0') >= tonumber(ARGV[3 * i - 1]) then
            local ttl = redis.call('PTTL', key)
            if ttl < 0 then
              ttl = tonumber(ARGV[3 * i])
              redis.call('PEXPIRE', key, ttl)
            end
            if full == 0 or ttl > left then
              full, left = i, ttl
            end
          end
        end
        if full > 0 then
          return {full, left}
        end
        local answer = {0}
        for i, key in ipairs(KEYS) do
          answer[i + 1] = ''
          if ARGV[3 * i + 1] == '1' then
            if redis.call('HSETNX', key, 'w', ARGV[1]) == 1 then
              redis.call('PEXPIRE', key, ARGV[3 * i])
            end
            redis.call('HINCRBY', key, 'n', 1)
            answer[i + 1] = redis.call('HGET', key, 'w')
          end
        end
        return answer
        """;

    /// <summary>
    /// KEYS: the counters. ARGV: the window that was taken from, for each. A counter that has expired is not
    /// revived, and one that has begun another window is left alone.
    /// </summary>
    public const string GiveBack = """
        for i, key in ipairs(KEYS) do
          if redis.call('HGET', key, 'w') == ARGV[i] then
            redis.call('HINCRBY', key, 'n', -1)
          end
        end
        return 0
        """;
}
