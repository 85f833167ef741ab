using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Drills;

/// <summary>An API that checks tokens with the keys that it has fetched, which it keeps for a while, as APIs do.</summary>
internal sealed class Validator(Web web, TimeSpan keeps) : IDisposable
{
    private const int Remembered = 200;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<string> _earlier = [];
    private Dictionary<string, AsymmetricAlgorithm> _keys = [];
    private long _fetched;
    private int _checked;
    private int _failed;

    public int Checked => _checked;

    public int Failed => _failed;

    /// <summary>Checks new tokens, and one of those that it has seen before: its key may be retired by now.</summary>
    public async Task CheckAsync(params IEnumerable<string> tokens)
    {
        await _turn.WaitAsync();
        try
        {
            await FetchAsync();
            foreach (var token in tokens.Where(token => token.Length > 0))
            {
                Check(token);
                _earlier.Add(token);
                if (_earlier.Count > Remembered)
                {
                    _earlier.RemoveAt(0);
                }
            }

            if (_earlier.Count > 0)
            {
                Check(_earlier[Random.Shared.Next(_earlier.Count)]);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        Forget();
    }

    // When the server does not answer, the former keys stay in use: an API does not stop for that.
    private async Task FetchAsync()
    {
        if (_keys.Count > 0 && Stopwatch.GetElapsedTime(_fetched) < keeps)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var answer = await web.GetAsync(".well-known/jwks");
        if (answer.IsOk)
        {
            Forget();
            _fetched = began;
            using var json = JsonDocument.Parse(answer.Text);
            _keys = json
                .RootElement.GetProperty("keys")
                .EnumerateArray()
                .ToDictionary(key => key.GetProperty("kid").GetString()!, Key);
        }
    }

    private void Check(string token)
    {
        _checked++;
        var parts = token.Split('.');
        using var header = JsonDocument.Parse(Decode(parts[0]));
        var kid = header.RootElement.GetProperty("kid").GetString()!;
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var isGood =
            _keys.TryGetValue(kid, out var key)
            && key switch
            {
                ECDsa ec => ec.VerifyData(signed, Decode(parts[2]), HashAlgorithmName.SHA256),
                RSA rsa => rsa.VerifyData(
                    signed,
                    Decode(parts[2]),
                    HashAlgorithmName.SHA256,
                    RSASignaturePadding.Pkcs1
                ),
                _ => false,
            };
        _failed += isGood ? 0 : 1;
    }

    private static AsymmetricAlgorithm Key(JsonElement key)
    {
        byte[] Member(string name) => Decode(key.GetProperty(name).GetString()!);
        return key.GetProperty("kty").GetString() == "RSA"
            ? RSA.Create(new RSAParameters { Modulus = Member("n"), Exponent = Member("e") })
            : ECDsa.Create(
                new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new ECPoint { X = Member("x"), Y = Member("y") },
                }
            );
    }

    private void Forget()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
