using System.Diagnostics;

namespace AuthServer.Data.Sqlite;

/// <summary>One process at a time: a file that the system lets go of when its holder ends, however it ends.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for its turn, at most a minute; disposing of the stream gives it up.</summary>
    /// <exception cref="StartupException">Another process holds it, or the file cannot be made.</exception>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellation)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                // Held by another process; its work is ours too, and soon done.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StartupException(
                    $"The database cannot be migrated: {exception.Message} Make its folder writable for this user, or stop the other process that migrates it.",
                    exception
                );
            }
        }
    }
}
