using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Attachments.Avatars;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Demo.Drawing;
using BlazorChat.Demo.Team;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Demo.Filling;

/// <summary>Creates and finds the accounts of the demo. None has a password that anybody knows.</summary>
internal sealed class TeamAccounts(
    IServiceScopeFactory scopes, FirstRun firstRun, AvatarStore avatars, PeopleStatus statuses, PersonLanguage languages, TimeProvider time)
{
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var admin = DemoTeam.Admin;
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
        Check(await firstRun.SetUpAsync(new NewAccount { Name = admin.Name, Email = admin.Email, Password = password }, cancellationToken));
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ChatDbContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ChatUser>>();
        foreach (var person in DemoTeam.All.Skip(1))
        {
            var account = new NewAccount { Name = person.Name, Email = person.Email };
            Check(await AccountRegistration.CreateAsync(db, users, account, passwordHash: null, time, cancellationToken));
        }
    }

    /// <summary>Gives each person their picture, status and language.</summary>
    public async Task DescribeAsync(Cast cast, CancellationToken cancellationToken)
    {
        foreach (var member in cast.All)
        {
            var person = member.Person;
            var picture = Drawings.Avatar(person.Looks);
            using var content = new MemoryStream(picture);
            await avatars.SetAsync(member.Principal, $"{person.Key}.png", content, picture.Length, cancellationToken);
            if (person.StatusText.Length > 0)
                await statuses.SetAsync(member.Principal, person.StatusEmoji, person.StatusText, until: null, cancellationToken);
            if (person.Language is { } language)
                await languages.ChooseAsync(member.Principal, language, cancellationToken);
        }
    }

    /// <summary>The people who are still there, by the addresses of the demo.</summary>
    public async Task<Cast> FindAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var emails = DemoTeam.All.Select(person => person.Email).ToArray();
        var users = await scope.ServiceProvider.GetRequiredService<ChatDbContext>().Users.AsNoTracking()
            .Where(user => emails.Contains(user.Email))
            .ToDictionaryAsync(user => user.Email!, cancellationToken);
        return new Cast(
            from person in DemoTeam.All
            where users.ContainsKey(person.Email)
            let user = users[person.Email]
            select new CastMember(person, user.Id, user.Handle, PrincipalOf(user)));
    }

    private static ClaimsPrincipal PrincipalOf(ChatUser user) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, user.Id.ToString(CultureInfo.InvariantCulture)),
            new Claim(SignedInUser.DisplayNameClaim, user.DisplayName),
        ],
        "Demo"));

    private static void Check(RegistrationResult result)
    {
        if (result.User is null)
            throw new InvalidOperationException(string.Join(' ', result.Errors));
    }
}
