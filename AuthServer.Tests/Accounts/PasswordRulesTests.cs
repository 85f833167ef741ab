using System.Diagnostics;
using AuthServer.Accounts;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Accounts;

public class PasswordRulesTests
{
    private static readonly PasswordGuess Guess = new();

    private readonly PasswordRules _default = new(Options.Create(new PasswordsOptions()), Guess);
    private readonly PasswordRules _nist = new(
        Options.Create(new PasswordsOptions { Profile = "Nist" }),
        Guess
    );

    [Theory]
    [InlineData("Correct-Horse-7-Battery")]
    [InlineData("Zq8#vT2m!xW9pL")]
    [InlineData("Kaffee Tasse Blau 9")]
    [InlineData("Сложный-Пароль-42")]
    [InlineData("Grün-Fünf-Äpfel-5")]
    [InlineData("Ab1-\U0001F600\U0001F680\U0001F40D\U0001F33B\U0001F3B2\U0001F9E9\U0001F514\U0001F511")]
    [Trait("Requirement", "C-50")]
    public void A_good_password_breaks_no_rule(string password) => Assert.Empty(Broken(password));

    [Theory]
    [InlineData("Password1234!")]
    [InlineData("P@ssw0rd1234!")]
    [InlineData("Qwertyuiop123!")]
    [InlineData("Iloveyou123456!")]
    [InlineData("Welcome12345!")]
    [InlineData("Administrator1!")]
    [InlineData("Abcdefghijk1!")]
    [InlineData("Aa1!Aa1!Aa1!")]
    [InlineData("AuthServer2026!")]
    [InlineData("Ada-Lovelace-1!")]
    [InlineData("Analytical-Ada1")]
    [InlineData("Lovelace@Example1")]
    [Trait("Requirement", "C-48")]
    public void A_password_that_is_easy_to_guess_is_refused(string password) =>
        Assert.Contains("harder to guess", Assert.Single(Broken(password)), StringComparison.Ordinal);

    [Theory]
    [InlineData("correct-horse-7-battery", "Add an upper-case letter.")]
    [InlineData("CORRECT-HORSE-7-BATTERY", "Add a lower-case letter.")]
    [InlineData("Correct-Horse-Battery", "Add a digit.")]
    [InlineData("CorrectHorse7Battery", "Add a special character, such as a hyphen or a space.")]
    [InlineData("Zq8#vT2m!xW", "Use at least 12 characters.")]
    [Trait("Requirement", "C-48")]
    public void A_broken_rule_says_what_to_do(string password, string told) =>
        Assert.Equal([told], Broken(password));

    [Fact]
    [Trait("Requirement", "C-48")]
    public void Every_broken_rule_is_told_at_once() => Assert.Equal(5, Broken("short").Count);

    [Theory]
    [InlineData(128, 0)]
    [InlineData(129, 1)]
    [Trait("Requirement", "C-47")]
    public void At_most_128_characters_fit(int length, int broken)
    {
        var password = string.Concat(Enumerable.Repeat("Zq8#vT2m!xW9pLk4", 9))[..(length - 1)] + "e";

        Assert.Equal(broken, Broken(password).Count);
    }

    [Fact]
    [Trait("Requirement", "C-50")]
    public void Length_is_counted_as_people_count()
    {
        // A family is one character of seven code points; 'é' in two code points is one.
        const string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";

        Assert.Equal(["Use at least 12 characters."], Broken($"Zq8#vT2e\u0301xx{family}"));
        Assert.Empty(Broken($"Zq8#vT2e\u0301xxy{family}"));
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\ud800')]
    [InlineData('\udc00')]
    [InlineData('\ufffe')]
    [Trait("Requirement", "C-50")]
    public void What_cannot_be_typed_is_refused(char character) =>
        Assert.Equal(
            ["Use only characters that can be typed."],
            Broken($"Correct-Horse-7-{character}Battery")
        );

    [Theory]
    [InlineData("kaffee tasse blau", 0)]
    [InlineData("kaffeetasseblau", 0)]
    [InlineData("kaffeetassebla", 1)]
    [InlineData("passwordpasswordpassword", 1)]
    [InlineData("ada lovelace ada", 1)]
    [Trait("Requirement", "C-49")]
    public void The_NIST_profile_asks_for_length_only_and_keeps_the_blocklist(string password, int broken) =>
        Assert.Equal(broken, _nist.Broken(password, ["Ada Lovelace"]).Count);

    [Theory]
    [InlineData("4@8({[<369&!1|/70$5+7%2")]
    [InlineData("p@5$w0rd")]
    [InlineData("11011991")]
    [InlineData("1!|7")]
    [InlineData("a")]
    [InlineData("e\u0301\u0302\u0303\u0304\u0305\u0306\u0307")]
    [Trait("Requirement", "C-82")]
    public void A_hostile_password_is_judged_sooner_than_it_is_hashed(string part)
    {
        // Not quite the same again and again, so that nothing of it can be left out.
        var password = string.Concat(Enumerable.Range(0, 1024).Select(i => part + (char)('!' + i * 7 % 90)));

        // By turns, and again while the machine is busy with something else: what is slow stays slow.
        var (judging, hashing) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < 20 && (round == 0 || judging > hashing); round++)
        {
            judging = Shorter(judging, () => Broken(password[..1024]));
            // At cost 12 it takes four times as long; the yardstick is as slow as the machine is busy.
            hashing = Shorter(hashing, () => BCrypt.Net.BCrypt.HashPassword("x", 10));
        }

        Assert.InRange(judging, TimeSpan.Zero, hashing);
    }

    private static TimeSpan Shorter(TimeSpan best, Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed < best ? watch.Elapsed : best;
    }

    private IReadOnlyList<string> Broken(string password) =>
        _default.Broken(password, ["Ada Lovelace", "ada.analytical@example.org"]);
}
