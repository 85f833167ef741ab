using System.Threading.Channels;

namespace Drills;

/// <summary>
/// Clients that follow the rules: each refreshes its family again and again, and asks again with the same token when the
/// answer was an error of the server, or did not come. A few end theirs, and later look whether it is over.
/// </summary>
internal sealed class Storm(Web web, History history, Validator validator, IReadOnlyList<Family> families)
{
    // A client that gets no answer does not hammer.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How many of a thousand turns end a family.</summary>
    public int Endings { get; init; } = 2;

    public Web Web => web;

    public History History => history;

    public Validator Validator => validator;

    public IReadOnlyList<Family> Families => families;

    /// <summary>What was done to its families so far.</summary>
    public IReadOnlyList<Entry> Entries
    {
        get
        {
            var numbers = families.Select(family => family.Number).ToHashSet();
            return [.. history.Entries.Where(entry => numbers.Contains(entry.Family))];
        }
    }

    /// <summary>When the first refresh was answered that was sent after <paramref name="since"/>; 0 when none was yet.</summary>
    public double FirstGood(double since) =>
        Entries
            .Where(entry => entry.IsOk && entry.Sent > since)
            .Select(entry => entry.Answered)
            .DefaultIfEmpty()
            .Min();

    /// <summary>Goes on until told to stop; a client that is in doubt then stays in doubt.</summary>
    public async Task RunAsync(int workers, CancellationToken stop)
    {
        var queue = Channel.CreateUnbounded<Family>();
        foreach (var family in families)
        {
            await queue.Writer.WriteAsync(family, CancellationToken.None);
        }

        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(queue, stop)));
    }

    /// <summary>While <paramref name="work"/> goes on.</summary>
    public async Task WhileAsync(int workers, Func<Task> work)
    {
        using var stop = new CancellationTokenSource();
        var storm = RunAsync(workers, stop.Token);
        try
        {
            await work();
        }
        finally
        {
            await stop.CancelAsync();
            await storm;
        }
    }

    /// <summary>One refresh, asked again until it is answered or <paramref name="stop"/>.</summary>
    public async Task RefreshAsync(Family family, CancellationToken stop)
    {
        while (!await TryAsync(family) && !stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    /// <summary>One attempt; whether it was answered.</summary>
    public async Task<bool> TryAsync(Family family)
    {
        var token = family.Token;
        var answer = await history.RecordAsync(family, "refresh", token, () => web.RefreshAsync(token));
        if (answer.IsOk)
        {
            family.Take(answer["refresh_token"]);
            await validator.CheckAsync(answer["access_token"], answer["id_token"]);
        }

        family.IsOver = answer.IsRefusal;
        return answer.IsOk || answer.IsRefusal;
    }

    /// <summary>Ends a family for good; asks until it is answered.</summary>
    public async Task EndAsync(Family family)
    {
        family.IsOver = true;
        var token = family.Token;
        await Persist.UntilAsync(() =>
            history.RecordAsync(family, "revoke", token, () => web.RevokeAsync(token))
        );
    }

    private async Task WorkAsync(Channel<Family> queue, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var family = await queue.Reader.ReadAsync(CancellationToken.None);
            if (family.IsOver)
            {
                await ProbeAsync(family);
            }
            else if (Random.Shared.Next(1000) < Endings)
            {
                await EndAsync(family);
            }
            else
            {
                await RefreshAsync(family, stop);
            }

            await queue.Writer.WriteAsync(family, CancellationToken.None);
        }
    }

    // Rarely: what is over costs the others nothing.
    private async Task ProbeAsync(Family family)
    {
        await Task.Delay(Pause, CancellationToken.None);
        var token = family.Token;
        await history.RecordAsync(family, "probe", token, () => web.RefreshAsync(token));
    }
}
