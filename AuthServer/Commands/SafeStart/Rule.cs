namespace AuthServer.Commands.SafeStart;

/// <summary>One way in which a server could start unsafely, and who may allow it.</summary>
/// <param name="Id">Its stable number, <c>G-01</c> to <c>G-22</c>.</param>
/// <param name="Setting">The setting it looks at.</param>
/// <param name="Refused">What is refused, for the table of <c>check-config --explain</c>.</param>
/// <param name="Find">A sentence for everything that is unsafe; each begins with the setting and ends with the cure.</param>
internal sealed record Rule(string Id, string Setting, string Refused, Func<Facts, IEnumerable<string>> Find)
{
    /// <summary>The flag of the section <c>Unsafe</c> that allows it; null for what can never be right.</summary>
    public string? Flag { get; init; }

    /// <summary>Whether a server that nobody has configured yet may do it (<see cref="Facts.IsTrial"/>).</summary>
    public bool IsAllowedInTrial { get; init; }

    /// <summary>Told, but no reason not to start.</summary>
    public bool IsWarning { get; init; }

    /// <summary>Whether the check of the settings themselves refuses it, in Development too.</summary>
    public bool IsAlways { get; init; }

    /// <summary>A line of the list whose check belongs to the folder that reads the setting.</summary>
    public static Rule Always(string id, string setting, string refused) =>
        new(id, setting, refused, _ => []) { IsAlways = true };

    /// <summary>The sentence when it is so, else nothing.</summary>
    public static IEnumerable<string> When(bool isSo, string sentence) => isSo ? [sentence] : [];
}
