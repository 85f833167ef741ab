using System.Security.Cryptography;

namespace AuthServer.Data;

/// <summary>Finds the master key: given in the configuration, or in a file that the first start makes.</summary>
internal static class MasterKeyFile
{
    /// <summary>The 32 bytes; makes the file when <paramref name="mayCreate"/>, that is when nothing is sealed yet.</summary>
    /// <exception cref="StartupException">Missing or not 32 bytes in base64.</exception>
    public static byte[] Read(DataOptions options, bool mayCreate)
    {
        if (!string.IsNullOrEmpty(options.MasterKey))
        {
            return Decode(options.MasterKey, "Data:MasterKey");
        }

        var path = PathOf(options);
        if (!File.Exists(path))
        {
            if (!mayCreate)
            {
                throw new StartupException(
                    $"The master key file '{path}' is missing, but the database holds keys that only it opens: restore it from your backup, or set Data:MasterKeyFile to where it is."
                );
            }

            Create(path);
        }

        return Decode(ReadText(path), $"The file '{path}' (Data:MasterKeyFile)");
    }

    /// <summary>The keys that only open.</summary>
    /// <exception cref="StartupException">One is missing or not 32 bytes in base64.</exception>
    public static IEnumerable<byte[]> ReadOthers(DataOptions options) =>
        [
            .. options.OtherMasterKeys.Select((key, i) => Decode(key, $"Data:OtherMasterKeys:{i}")),
            .. options.OtherMasterKeyFiles.Select(path =>
                Decode(ReadText(path), $"The file '{path}' (Data:OtherMasterKeyFiles)")
            ),
        ];

    /// <summary>Where the file is, or will be.</summary>
    public static string PathOf(DataOptions options) =>
        string.IsNullOrEmpty(options.MasterKeyFile)
            ? Databases.Of(options).MasterKeyFile
            : options.MasterKeyFile;

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The master key file '{path}' cannot be read: {exception.Message}",
                exception
            );
        }
    }

    // Written beside and moved into place, so that a second instance starting now sees all of it or none.
    private static void Create(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(draft, access))
            {
                writer.Write(text);
                writer.Flush();
                ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // The other instance was first; its key is the key.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The master key file '{path}' cannot be written: {exception.Message} Set Data:MasterKeyFile to a place that can, or give Data:MasterKey.",
                exception
            );
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }

    private static byte[] Decode(string text, string source)
    {
        Span<byte> key = stackalloc byte[33];
        return Convert.TryFromBase64String(text, key, out var length) && length == 32
            ? key[..32].ToArray()
            : throw new StartupException(
                $"{source} must hold 32 bytes in base64, for example from 'openssl rand -base64 32'."
            );
    }
}
