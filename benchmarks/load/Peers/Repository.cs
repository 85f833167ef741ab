namespace Load.Peers;

/// <summary>Where the sources are: this program is run from among them.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string Folder(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AuthServer.sln")))
        {
            folder =
                folder.Parent ?? throw new InvalidOperationException("Run it from the repository's folder.");
        }

        return folder.FullName;
    }
}
