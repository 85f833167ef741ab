using System.Text.RegularExpressions;

namespace AuthServer.Telemetry;

/// <summary>What may be told of a statement to the database.</summary>
/// <param name="Operation">Its verb: <c>SELECT</c>.</param>
/// <param name="Table">The first table that it names; null when it names none.</param>
internal sealed partial record Statement(string Operation, string? Table)
{
    // Of traced requests only, and those name few tables by few verbs.
    public string Name => Table is null ? Operation : $"{Operation} {Table}";

    public static Statement Of(string text)
    {
        var operation = Verb().Match(text);
        var table = Target().Match(text);
        return new Statement(
            operation.Success ? operation.Value.ToUpperInvariant() : "OTHER",
            table.Success ? table.Groups["table"].Value : null
        );
    }

    [GeneratedRegex(
        "SELECT|INSERT|UPDATE|DELETE|BEGIN|COMMIT|PRAGMA",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Verb();

    // Quoted, as EF Core writes every name.
    [GeneratedRegex(
        "(FROM|INTO|UPDATE) \"(?<table>[A-Za-z_]{1,64})\"",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Target();
}
