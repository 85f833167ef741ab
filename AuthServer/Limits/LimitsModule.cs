using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Limits;

/// <summary>Owns how much anybody may ask for: requests, guesses, hashes. Features say who asks; it counts.</summary>
internal static class LimitsModule
{
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSection<LimitsOptions>("RateLimits");
        services.AddSingleton<IValidateOptions<LimitsOptions>, LimitsOptionsCheck>();
        services
            .AddSection<RedisOptions>("Redis")
            .Validate(
                redis => redis.IsSound,
                "Redis:ConnectionString cannot be read: write 'host:6379,password=…,ssl=true', or leave it empty."
            )
            .Validate(
                redis => redis.Timeout > TimeSpan.Zero && redis.Timeout <= RedisOptions.LongestTimeout,
                "Redis:Timeout must be more than zero and at most a second: write '00:00:00.050' for 50 milliseconds."
            );

        services.AddSingleton<CounterKeys>();
        services.AddSingleton(provider => new LocalCounters(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RedisLink>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisLink>());
        services.AddSingleton<Counters>();
        services.AddSingleton<LimitsMeter>();
        services.AddSingleton<FreeRequests>();
        services.AddSingleton<RefusalRecord>();
        services.AddSingleton<Quotas>();
        services.AddSingleton<GuessBudget>();
        services.AddSingleton<LetterBudget>();
        services.AddHealthChecks().AddCheck<LimitsHealth>("limits");
    }

    /// <summary>Before a body is read.</summary>
    public static void UseLimits(this WebApplication app) => app.UseMiddleware<RequestLimits>();

    /// <summary>Before the engine, which answers most of what clients send; after the input guard, for it reads the form.</summary>
    public static void UseClientLimits(this WebApplication app) => app.UseMiddleware<ClientLimits>();
}
