using AuthServer.Tests.Support;

namespace AuthServer.Tests.Data.Copy;

/// <summary>The verb as an operator runs it.</summary>
internal static class Copier
{
    public static AuthServerProcess Start(
        Folder folder,
        string from,
        string database,
        string masterKeyFile
    ) =>
        AuthServerProcess.Start(
            folder.Path,
            "data",
            "copy",
            "--from",
            from,
            "--Data:Provider=PostgreSql",
            $"--Data:ConnectionString={database}",
            $"--Data:MasterKeyFile={masterKeyFile}"
        );

    /// <summary>Copies; what it said.</summary>
    public static async Task<string> RunAsync(
        Folder folder,
        string from,
        string database,
        string masterKeyFile
    )
    {
        await using var copy = Start(folder, from, database, masterKeyFile);
        var code = await copy.ExitAsync();
        Assert.Equal((0, ""), (code, copy.Error));
        return copy.Output;
    }

    /// <summary>Is refused; the one line that says why.</summary>
    public static async Task<string> RefusalAsync(
        Folder folder,
        string from,
        string database,
        string masterKeyFile
    )
    {
        await using var copy = Start(folder, from, database, masterKeyFile);
        Assert.Equal(1, await copy.ExitAsync());
        return Assert.Single(copy.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
