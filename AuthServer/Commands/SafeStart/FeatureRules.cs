using static AuthServer.Commands.SafeStart.Rule;

namespace AuthServer.Commands.SafeStart;

/// <summary>What the server says and does: errors, logs, letters, tokens, sign-in with others.</summary>
internal static class FeatureRules
{
    private const string AuditCategory = "AuthServer.Audit";

    private static readonly string[] Authorities =
    [
        .. "Authority AuthorizationEndpoint TokenEndpoint UserInformationEndpoint KeysEndpoint".Split(' '),
        "MetadataEndpoint",
    ];

    public static readonly IReadOnlyList<Rule> All =
    [
        new("G-13", "DetailedErrors", "errors that show our inside", DetailedErrors),
        new("G-13", "Logging", "levels Debug and Trace, which may write down what people sent", DebugLogs)
        {
            Flag = "AllowDebugLogs",
        },
        new(
            "G-15",
            "External:Google",
            "half of its credentials, or another authority than Google",
            HalfGoogle
        ),
        new("G-15", "External", "another authority than the provider's own, or one without TLS", Strangers),
        new("G-16", "Logging:LogLevel", "a level that leaves the audit out of the log", SilentAudit)
        {
            Flag = "AllowSilentAudit",
        },
        new("G-17", "Mail:Host", "registration whose letters reach nobody", NoLetters)
        {
            Flag = "AllowLettersToLog",
            IsAllowedInTrial = true,
        },
        Always("G-18", "Tokens", "access tokens over an hour, refresh over 90 days in all"),
    ];

    private static IEnumerable<string> DetailedErrors(Facts facts) =>
        When(
            facts.Is("DetailedErrors") || facts.Text("DetailedErrors") == "1",
            "DetailedErrors shows our inside to everybody who meets an error: remove it (ASPNETCORE_DETAILEDERRORS)."
        );

    private static IEnumerable<string> DebugLogs(Facts facts) =>
        facts
            .Settings.GetSection("Logging")
            .AsEnumerable()
            .Where(pair => pair.Key.Contains("LogLevel", StringComparison.OrdinalIgnoreCase))
            .Where(pair => LevelOf(pair.Value) is LogLevel.Debug or LogLevel.Trace)
            .Select(pair =>
                $"{pair.Key} is {pair.Value}, and such lines may hold what people sent: write Information or a higher level."
            );

    private static IEnumerable<string> HalfGoogle(Facts facts)
    {
        var hasId = facts.Text("External:Google:ClientId").Length > 0;
        var hasSecret = facts.Text("External:Google:ClientSecret").Length > 0;
        return
        [
            .. When(
                hasId && !hasSecret,
                "External:Google:ClientSecret is missing: add the secret that belongs to the client id, or remove both."
            ),
            .. When(
                hasSecret && !hasId,
                "External:Google:ClientId is missing: add the id that belongs to the client secret, or remove both."
            ),
            .. OtherAuthorities(facts, "Google"),
        ];
    }

    // Half of their credentials is refused everywhere, by their own check.
    private static IEnumerable<string> Strangers(Facts facts) =>
        new[] { "GitHub", "Microsoft", "Apple" }
            .SelectMany(provider => OtherAuthorities(facts, provider))
            .Concat(
                facts
                    .List("External:Oidc")
                    .Where(entry => entry["Authority"] is { } text && !IsPublicHttps(text))
                    .Select(entry =>
                        $"{entry.Path}:Authority is '{entry["Authority"]}': write an https URL that is not on this machine."
                    )
            );

    private static IEnumerable<string> OtherAuthorities(Facts facts, string provider) =>
        Authorities
            .Where(name => facts.Text($"External:{provider}:{name}").Length > 0)
            .Select(name =>
                $"External:{provider}:{name} lets somebody else speak for {provider}: remove it."
            );

    private static bool IsPublicHttps(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && !uri.IsLoopback;

    private static IEnumerable<string> SilentAudit(Facts facts)
    {
        // The longest name that the category begins with decides, as in the framework.
        var levels = facts.Settings.GetSection("Logging:LogLevel");
        var name = new[] { AuditCategory, "AuthServer", "Default" }.FirstOrDefault(name =>
            levels[name] is not null
        );
        return When(
            name is not null && LevelOf(levels[name]) > LogLevel.Information,
            $"Logging:LogLevel:{name} is {levels[name ?? ""]}, so the log does not tell what happened: add Logging:LogLevel:{AuditCategory} with Information."
        );
    }

    private static IEnumerable<string> NoLetters(Facts facts) =>
        When(
            facts.Text("Mail:Host").Length == 0,
            "Mail:Host is empty, so nobody who registers gets the letter that confirms their address: set Mail:Host and Mail:From."
        );

    private static LogLevel? LevelOf(string? text) =>
        Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) ? level : null;
}
