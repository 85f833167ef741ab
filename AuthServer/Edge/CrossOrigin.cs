using AuthServer.Data;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthServer.Edge;

/// <summary>
/// Which pages of other origins may read which answers: the endpoints that a browser client calls, and no page of
/// ours. Cookies are never part of it.
/// </summary>
internal sealed class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    private readonly Dictionary<string, CorsPolicy> _policies;

    private readonly ICorsService _cors;

    public CrossOrigin(IOptions<CrossOriginOptions> options, ICorsService cors)
    {
        _cors = cors;
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
        services.AddSection<CrossOriginOptions>("Cors");
        services.AddSingleton<IValidateOptions<CrossOriginOptions>, CrossOriginOptionsCheck>();
    }

    /// <summary>Comes before whatever may refuse, so that a browser client can read the refusal.</summary>
    public static void Use(WebApplication app)
    {
        var origins = app.Services.GetRequiredService<CrossOrigin>;
        app.Use((http, next) => origins().AnswerAsync(http, next));
    }

    // The framework's middleware would do no more, but puts itself together with an expression compiler at every start.
    private Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (!_policies.TryGetValue(http.Request.Path.Value ?? "", out var policy))
        {
            return next(http);
        }

        http.Response.OnStarting(VaryByOrigin, http.Response);
        if (!http.Request.Headers.ContainsKey(HeaderNames.Origin))
        {
            return next(http);
        }

        var verdict = _cors.EvaluatePolicy(http, policy);
        if (verdict.IsPreflightRequest)
        {
            _cors.ApplyResult(verdict, http.Response);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        http.Response.OnStarting(() =>
        {
            _cors.ApplyResult(verdict, http.Response);
            return Task.CompletedTask;
        });
        return next(http);
    }

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
