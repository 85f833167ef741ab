namespace AuthServer.Commands.SafeStart;

/// <summary>What the rules say about a start: what forbids it, what is allowed by a flag, what is worth a warning.</summary>
/// <param name="Refusals">A sentence for each reason not to start; all of them, not only the first.</param>
/// <param name="Allowed">What would be a reason but for a flag, with that flag.</param>
/// <param name="Warnings">A sentence each.</param>
internal sealed record Verdict(
    IReadOnlyList<string> Refusals,
    IReadOnlyList<(string Flag, string Sentence)> Allowed,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>The flags that made a difference.</summary>
    public IEnumerable<string> Flags =>
        Allowed.Select(allowed => allowed.Flag).Distinct(StringComparer.Ordinal);

    /// <summary>In Development only the flags themselves are checked: its settings are unsafe on purpose.</summary>
    public static Verdict On(Facts facts, bool isDevelopment)
    {
        var refusals = UnsafeFlags.Mistakes(facts.Settings).ToList();
        var allowed = new List<(string Flag, string Sentence)>();
        var warnings = new List<string>();
        foreach (var rule in isDevelopment ? [] : Rules.All)
        {
            var sentences = rule.Find(facts).Select(sentence => $"{sentence} ({rule.Id})");
            if (rule.IsWarning)
            {
                warnings.AddRange(sentences);
            }
            else if (FlagFor(rule, facts) is { } flag)
            {
                allowed.AddRange(sentences.Select(sentence => (flag, sentence)));
            }
            else
            {
                refusals.AddRange(sentences);
            }
        }

        return new Verdict(refusals, allowed, warnings);
    }

    private static string? FlagFor(Rule rule, Facts facts) =>
        rule.IsAllowedInTrial && facts.IsTrial ? UnsafeFlags.Trial
        : rule.Flag is { } flag && facts.Is($"{UnsafeFlags.Section}:{flag}") ? flag
        : null;
}
