using AuthServer.Data;

namespace AuthServer.Commands.SafeStart;

/// <summary>The section <c>Unsafe</c>: each flag allows one thing that a server in Production refuses to do.</summary>
internal static class UnsafeFlags
{
    public const string Section = "Unsafe";
    public const string Trial = "TrialWithoutIssuer";

    /// <summary>Every flag that a rule knows.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. Rules
            .All.Select(rule => rule.Flag)
            .OfType<string>()
            .Append(Trial)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>A sentence for each flag that does not exist or is neither true nor false.</summary>
    public static IEnumerable<string> Mistakes(IConfiguration configuration) =>
        configuration
            .GetSection(Section)
            .GetChildren()
            .Select(flag =>
                !All.Contains(flag.Key, StringComparer.OrdinalIgnoreCase)
                    ? $"{flag.Path} is no flag{Nearest.Of(flag.Key, All)}: remove it, or see 'check-config --explain' for the flags there are."
                : !bool.TryParse(flag.Value, out _) ? $"{flag.Path} must be true or false."
                : null
            )
            .OfType<string>();
}
