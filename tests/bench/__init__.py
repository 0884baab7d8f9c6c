"""Speed, memory and steadiness of Saring beside everything an ISP would use instead; see README.md."""
