using AuthServer.Data;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Edge;

/// <summary>
/// Which pages of other origins may read which answers: the endpoints that a browser client calls, and no page of
/// ours. Cookies are never part of it.
/// </summary>
internal sealed class CrossOrigin : ICorsPolicyProvider
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    private readonly Dictionary<string, CorsPolicy> _policies;

    public CrossOrigin(IOptions<CrossOriginOptions> options)
    {
        var get = Policy(options.Value, HttpMethods.Get);
        var post = Policy(options.Value, HttpMethods.Post);
        _policies = new Dictionary<string, CorsPolicy>(StringComparer.OrdinalIgnoreCase)
        {
            ["/.well-known/openid-configuration"] = get,
            ["/.well-known/oauth-authorization-server"] = get,
            ["/.well-known/jwks"] = get,
            ["/connect/token"] = post,
            ["/connect/revoke"] = post,
            ["/connect/par"] = post,
            ["/connect/userinfo"] = Policy(options.Value, HttpMethods.Get, HttpMethods.Post),
        };
    }

    public static void Add(IServiceCollection services)
    {
        services.AddCors();
        services.AddSingleton<CrossOrigin>();
        services.AddSingleton<ICorsPolicyProvider>(provider => provider.GetRequiredService<CrossOrigin>());
        services.AddSection<CrossOriginOptions>("Cors");
        services.AddSingleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsCheck>();
    }

    /// <summary>Comes before whatever may refuse, so that a browser client can read the refusal.</summary>
    public static void Use(WebApplication app)
    {
        var origins = app.Services.GetRequiredService<CrossOrigin>;
        app.Use(
            (http, next) =>
            {
                if (origins().PolicyFor(http) is not null)
                {
                    http.Response.OnStarting(VaryByOrigin, http.Response);
                }

                return next(http);
            }
        );
        app.UseCors();
    }

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
        Task.FromResult(PolicyFor(context));

    private CorsPolicy? PolicyFor(HttpContext http) =>
        _policies.GetValueOrDefault(http.Request.Path.Value ?? "");

    // Always, whoever asks: an answer that a cache keeps for one origin must not be given to another.
    private static Task VaryByOrigin(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        if (!headers.Vary.Contains(HeaderNames.Origin))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        return Task.CompletedTask;
    }

    private static CorsPolicy Policy(CrossOriginOptions options, params string[] methods) =>
        new CorsPolicyBuilder()
            .SetIsOriginAllowed(options.Allows)
            .WithMethods(methods)
            .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, "DPoP")
            .WithExposedHeaders(HeaderNames.WWWAuthenticate, HeaderNames.RetryAfter, "DPoP-Nonce")
            .SetPreflightMaxAge(PreflightAge)
            .Build();
}
