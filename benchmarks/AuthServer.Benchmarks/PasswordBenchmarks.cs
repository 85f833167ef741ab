using AuthServer.Accounts;
using AuthServer.Data;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Benchmarks;

/// <summary>A sign-in's comparison of the password, at the cost the server ships with.</summary>
public class PasswordBenchmarks
{
    private const string Password = "Correct-Horse-7-Battery";

    private readonly BcryptPasswordHasher _hasher = new(
        TestSecrets.Make(),
        Options.Create(new PasswordsOptions())
    );
    private readonly Account _account = new();
    private string _hash = "";

    [GlobalSetup]
    public void Hash() => _hash = _hasher.HashPassword(_account, Password);

    [Benchmark]
    public PasswordVerificationResult Verify() => _hasher.VerifyHashedPassword(_account, _hash, Password);
}
