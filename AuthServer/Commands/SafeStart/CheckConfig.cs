namespace AuthServer.Commands.SafeStart;

/// <summary>The verb <c>check-config</c>: all that a start would refuse, without a start and without the database.</summary>
internal static class CheckConfig
{
    public const string ExplainOption = "--explain";

    /// <summary>Prints what was found good; what was not has been thrown by then.</summary>
    public static void Say(WebApplication app)
    {
        var verdict = app.Services.GetRequiredService<Verdict>();
        foreach (
            var line in verdict
                .Allowed.Select(allowed => $"Unsafe:{allowed.Flag} allows: {allowed.Sentence}")
                .Concat(Start.WarningsOf(app))
        )
        {
            Console.Out.WriteLine(line);
        }

        Console.Out.WriteLine(
            app.Environment.IsDevelopment()
                ? "ok, for Development: what only Production refuses was not checked."
                : "ok"
        );
    }

    /// <summary>Prints the list of rules as a table.</summary>
    public static void Explain()
    {
        var rows = Rules
            .All.Select(rule => (rule.Id, rule.Setting, rule.Refused, Allowed: HowToAllow(rule)))
            .ToList();
        var setting = rows.Max(row => row.Setting.Length);
        var allowed = rows.Max(row => row.Allowed.Length);
        Console.Out.WriteLine(
            $"{"id", -4}  {"setting".PadRight(setting)}  {"how to allow".PadRight(allowed)}  refused"
        );
        foreach (var row in rows)
        {
            Console.Out.WriteLine(
                $"{row.Id, -4}  {row.Setting.PadRight(setting)}  {row.Allowed.PadRight(allowed)}  {row.Refused}"
            );
        }
    }

    private static string HowToAllow(Rule rule) =>
        rule switch
        {
            { IsWarning: true } => "only warned about",
            { Flag: { } flag } => $"{UnsafeFlags.Section}:{flag}=true",
            { IsAllowedInTrial: true } =>
                $"{UnsafeFlags.Section}:{UnsafeFlags.Trial}=true, while nothing is declared",
            { IsAlways: true } => "never, not even in Development",
            _ => "never",
        };
}
