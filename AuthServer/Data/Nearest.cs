namespace AuthServer.Data;

/// <summary>Guesses which name somebody meant.</summary>
internal static class Nearest
{
    private const int MostMistakes = 2;

    /// <summary><c> (did you mean 'X'?)</c>, or nothing when no name is near.</summary>
    public static string Of(string name, IEnumerable<string> known) =>
        Find(name, known) is { } nearest ? $" (did you mean '{nearest}'?)" : "";

    /// <summary>The name that is at most two changed, missing or added letters away; null when there is none.</summary>
    public static string? Find(string name, IEnumerable<string> known) =>
        known
            .Select(candidate =>
                (Name: candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))
            )
            .Where(candidate => candidate.Distance <= Math.Min(MostMistakes, candidate.Name.Length / 2))
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    // Levenshtein's.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
