using System.Security.Cryptography;

namespace AuthServer.Commands;

/// <summary>
/// The verb <c>passwords</c>: makes the passwords by which this server and its PostgreSQL and Redis know each other, as
/// files that all of them read, so that nobody has to invent, type or keep one.
/// </summary>
internal static class Passwords
{
    // Named as settings: the folder is also one of AUTHSERVER_SECRETS.
    private static readonly string[] Names = ["Data__Password", "Redis__Password"];

    /// <summary>Makes those that are missing in the folder, and leaves the others as they are.</summary>
    public static async Task<int> RunAsync(string folder)
    {
        try
        {
            foreach (var name in Names.Where(name => !File.Exists(Path.Combine(folder, name))))
            {
                // Moved into place when it is whole: an empty one would be kept for ever.
                var draft = Path.Combine(folder, $".{name}");
                await File.WriteAllTextAsync(
                    draft,
                    Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))
                );
                File.Move(draft, Path.Combine(folder, name));
                Console.WriteLine($"{name} is made.");
            }

            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The passwords cannot be made: {exception.Message}");
            return 1;
        }
    }
}
