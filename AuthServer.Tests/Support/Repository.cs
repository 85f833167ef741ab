namespace AuthServer.Tests.Support;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static DirectoryInfo Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The server's own files of a pattern; neither generated ones nor migrations.</summary>
    public static IEnumerable<FileInfo> ServerSources(string pattern)
    {
        var server = Path.Combine(Root.FullName, "AuthServer");
        string[] excluded = ["bin", "obj", "Migrations"];
        return new DirectoryInfo(server)
            .EnumerateFiles(pattern, SearchOption.AllDirectories)
            .Where(file =>
                !Path.GetRelativePath(server, file.FullName)
                    .Split(Path.DirectorySeparatorChar)
                    .Intersect(excluded, StringComparer.Ordinal)
                    .Any()
            );
    }

    private static DirectoryInfo Find(DirectoryInfo folder)
    {
        if (File.Exists(Path.Combine(folder.FullName, "AuthServer.sln")))
        {
            return folder;
        }

        return Find(
            folder.Parent
                ?? throw new InvalidOperationException("AuthServer.sln is in none of the folders above.")
        );
    }
}
