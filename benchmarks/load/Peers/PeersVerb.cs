namespace Load.Peers;

/// <summary>AuthServer beside its peers on the same core; see benchmarks/README.md.</summary>
internal static class PeersVerb
{
    public static async Task<int> RunAsync(string[] words)
    {
        if (Wish.Read(words) is not { } wish)
        {
            await Console.Error.WriteLineAsync(
                "peers [--rounds 5] [--seconds 5] [--warm 5] [--only cc-es256,cold] [--targets authserver,stock] [--ram] [--out file.md]"
            );
            return 2;
        }

        var findings = new Findings();
        try
        {
            await Course.RunAsync(wish, findings);
            return 0;
        }
        catch (InvalidOperationException exception)
        {
            await Console.Error.WriteLineAsync($"The run has failed: {exception.Message}");
            return 1;
        }
        finally
        {
            var table = Table.Of(findings);
            Console.Write(table);
            if (wish.Report is not null)
            {
                await File.WriteAllTextAsync(wish.Report, table);
            }
        }
    }
}
