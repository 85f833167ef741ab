namespace AuthServer.Tests.Support;

/// <summary>A folder of the test's own, gone when it ends.</summary>
public sealed class Folder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authserver-test-");

    public string Path => _folder.FullName;

    /// <summary>Writes <paramref name="text"/> into a file of this folder; its full path.</summary>
    public string Write(string name, string text)
    {
        var path = At(name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The full path of <paramref name="name"/> in this folder.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
