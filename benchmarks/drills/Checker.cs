namespace Drills;

/// <summary>Rebuilds the families from the history and says what of the promises was broken.</summary>
internal static class Checker
{
    // A retry that is sent later may arrive after the grace of ten seconds.
    private const double Grace = 9_500;

    private const int Leaves = 12;

    /// <summary>Looks at everything; refreshes each family that lives once more, for a token must be of use.</summary>
    public static async Task<Verdict> JudgeAsync(Storm storm)
    {
        // At once, for some are in doubt, and their grace runs.
        await Parallel.ForEachAsync(
            storm.Families.Where(family => !family.IsOver),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (family, cancellation) => await storm.RefreshAsync(family, cancellation)
        );
        var entries = storm.Entries;
        var broken = new List<string>();
        var late = 0;
        foreach (var family in entries.GroupBy(entry => entry.Family))
        {
            var deeds = family.OrderBy(entry => entry.Sent).ToList();
            broken.AddRange(
                Forks(deeds).Concat(Revivals(deeds)).Select(what => $"family {family.Key}: {what}")
            );
            var lost = Losses(deeds);
            late += lost.Contains(true) ? 1 : 0;
            broken.AddRange(
                lost.Where(isLate => !isLate)
                    .Select(_ =>
                        $"family {family.Key}: a client that followed the rules was logged out (I1, I4)"
                    )
            );
        }

        foreach (var family in storm.Families)
        {
            var live = 0;
            foreach (var token in family.Tokens.TakeLast(Leaves))
            {
                live += await storm.Web.IsActiveAsync(token) ? 1 : 0;
            }

            if (live > 1 || (live == 1 && family.IsOver))
            {
                broken.Add($"family {family.Number}: {live} live tokens (I2, I3)");
            }
        }

        if (storm.Validator.Failed > 0)
        {
            broken.Add($"{storm.Validator.Failed} tokens did not verify (I5)");
        }

        if (broken.Count > 0)
        {
            storm.History.IsOfInterest = true;
            broken.Add($"the record is {storm.History.File}");
        }

        return new Verdict(broken, late);
    }

    /// <summary>I2: a token that was answered with two successors.</summary>
    private static IEnumerable<string> Forks(IEnumerable<Entry> deeds) =>
        deeds
            .Where(entry => entry.Next is not null)
            .GroupBy(entry => entry.Token)
            .Where(token => token.Select(entry => entry.Next).Distinct().Skip(1).Any())
            .Select(token => $"{token.Key} has two successors (I2)");

    /// <summary>I3: something that was given after the end was confirmed.</summary>
    private static IEnumerable<string> Revivals(IReadOnlyList<Entry> deeds)
    {
        var end = deeds
            .Where(entry => entry is { Deed: "revoke", IsOk: true })
            .Min(entry => (double?)entry.Answered);
        return deeds
            .Where(entry => entry.Next is not null && entry.Sent > end)
            .Select(entry => $"{entry.Token} gave something after the end (I3)");
    }

    /// <summary>I1 and I4: refusals that nobody had asked for; true for one that came after the grace.</summary>
    private static List<bool> Losses(IReadOnlyList<Entry> deeds)
    {
        var ended = deeds.Where(entry => entry.Deed == "revoke").Min(entry => (double?)entry.Sent);
        return
        [
            .. deeds
                .Where(entry => entry.Deed == "refresh" && entry.Kind.StartsWith('4') && entry.Kind != "429")
                .Where(entry => !(entry.Answered > ended))
                .Select(entry => entry.Sent - deeds.First(other => other.Token == entry.Token).Sent > Grace),
        ];
    }
}

/// <summary>What a drill has found.</summary>
/// <param name="Broken">A sentence for each promise that did not hold.</param>
/// <param name="Late">Clients that were logged out because they could not ask again within the grace.</param>
internal sealed record Verdict(IReadOnlyList<string> Broken, int Late);
