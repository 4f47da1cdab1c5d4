using BlazorChat.Accounts.Mail;
using BlazorChat.Notifications.Mail;

namespace BlazorChat.Notifications;

public static class NotificationServices
{
    public static WebApplicationBuilder AddNotifications(this WebApplicationBuilder builder)
    {
        builder.Services.AddMail();
        return builder;
    }

    internal static void AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration("Mail").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MailOutbox>();
        services.AddSingleton<IMailQueue>(provider => provider.GetRequiredService<MailOutbox>());
        services.AddSingleton<MailSender>();
        services.AddHostedService<MailDispatcher>();
        services.AddHostedService<MissedMessageMails>();
    }
}
