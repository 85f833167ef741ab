using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Drills;

namespace Load.Peers;

/// <summary>How many RS256 signatures a core makes when it does nothing else, with a key of AuthServer's size.</summary>
internal static class SigningRate
{
    /// <summary>The word that makes this program measure it and say it.</summary>
    public const string Verb = "signing-rate";

    private const string Core = "0";

    /// <summary>In a process of its own, on the core of the servers.</summary>
    public static async Task<double> MeasureAsync(int seconds)
    {
        var said = await Child.MustRunAsync(
            [
                "taskset",
                "-c",
                Core,
                "dotnet",
                typeof(SigningRate).Assembly.Location,
                Verb,
                seconds.ToString(CultureInfo.InvariantCulture),
            ],
            AppContext.BaseDirectory
        );
        return double.Parse(said, CultureInfo.InvariantCulture);
    }

    public static void Say(int seconds)
    {
        using var rsa = RSA.Create(Bench.RsaBits);
        var text = RandomNumberGenerator.GetBytes(400); // about what a token's header and payload are
        Count(rsa, text, TimeSpan.FromSeconds(1));
        Console.WriteLine(
            Count(rsa, text, TimeSpan.FromSeconds(seconds)).ToString(CultureInfo.InvariantCulture)
        );
    }

    private static double Count(RSA rsa, byte[] text, TimeSpan length)
    {
        var count = 0;
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            count++;
        }

        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
